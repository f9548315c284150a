import { randomUUID } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import express from 'express'
import multer from 'multer'

const largest = 2 * 1024 * 1024

const upload = multer({
  storage: multer.memoryStorage(),
  limits: {
    fileSize: largest,
    files: 1,
    fields: 4,
    fieldSize: 16 * 1024,
    parts: 6,
  },
}).single('picture')

/** Reads a form with or without a picture: `multipart/form-data` or `application/x-www-form-urlencoded`. */
export const readForm = [upload, express.urlencoded({ extended: false, limit: '16kb' })]

/** The first bytes of the kinds of picture that are taken: what a file says of itself is not believed. */
const kinds = [
  {
    ending: 'png',
    matches: (bytes) => bytes.subarray(0, 8).equals(Buffer.from('\x89PNG\r\n\x1a\n', 'latin1')),
  },
  {
    ending: 'jpg',
    matches: (bytes) => bytes.subarray(0, 3).equals(Buffer.from([0xff, 0xd8, 0xff])),
  },
  {
    ending: 'gif',
    matches: (bytes) => /^GIF8[79]a/.test(bytes.toString('latin1', 0, 6)),
  },
  {
    ending: 'webp',
    matches: (bytes) => /^RIFF.{4}WEBP/s.test(bytes.toString('latin1', 0, 12)),
  },
]

/** The pictures: a file each, under a name that no visitor chooses. */
export function openPictures(directory) {
  mkdirSync(directory, { recursive: true, mode: 0o750 })
  const kindOf = (file) => kinds.find((kind) => kind.matches(file.buffer))
  return {
    directory,
    /** What is wrong with a picture, in words for its sender, or nothing. */
    complain: (file) =>
      isEmpty(file) || kindOf(file)
        ? undefined
        : 'The picture is of a kind we cannot show: PNG, JPEG, GIF or WebP, please.',
    /** Keeps a picture and returns its name, or null when there is none. */
    keep: async (file) => {
      if (isEmpty(file)) return null
      const name = `${randomUUID()}.${kindOf(file).ending}`
      await writeFile(join(directory, name), file.buffer, {
        flag: 'wx',
        mode: 0o640,
      })
      return name
    },
  }
}

// A browser sends an empty file for a field that was left blank.
function isEmpty(file) {
  return file === undefined || file.size === 0
}
