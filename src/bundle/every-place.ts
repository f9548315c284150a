import { proxyNames } from '../settings/proxies.ts'
import { chosenAnswers } from '../settings/site-answers.ts'
import { completeAnswers, type SiteAnswers } from '../settings/site-table.ts'
import { dockerPlaces } from './docker-view.ts'
import { imageAnswers } from './image-answers.ts'
import { frontPlaces, hostPlaces, placesOf } from './places.ts'
import { pageNames } from './proxy-files.ts'

/**
 * Every path below the folder of a bundle at which a bundle for this site may have a file of ours, whatever its proxy and
 * its supervisor: where to look for what other answers have left. The answers themselves and the runbook are always there.
 */
export function everyPlace(answers: SiteAnswers): readonly string[] {
  const places = [
    ...Object.values(dockerPlaces),
    ...Object.values(hostPlaces(answers)),
    ...[answers, imageAnswers(answers)].flatMap(serverPlaces),
    ...otherFronts(answers).flatMap(placesOfFront),
    ...placesOfFront(imageAnswers(answers)),
  ]
  return [...new Set(places.map((path) => path.replace(/^\//, '')))].sort()
}

function serverPlaces(answers: SiteAnswers): readonly string[] {
  const { configFile, envFile } = placesOf(answers)
  return [configFile, envFile]
}

/** The same site behind each proxy, wherever that keeps its sites. */
function otherFronts(answers: SiteAnswers): readonly SiteAnswers[] {
  const chosen = chosenAnswers(answers)
  const layouts = ['sites-available', 'conf.d'] as const
  return [
    answers,
    ...proxyNames.flatMap((proxy) => layouts.map((nginxLayout) => completeAnswers({ ...chosen, proxy, nginxLayout }))),
  ]
}

function placesOfFront(answers: SiteAnswers): readonly string[] {
  const { headers, realAddress, pages } = frontPlaces(answers)
  return [placesOf(answers).siteFile, headers, realAddress, ...pageNames.map((name) => `${pages}/${name}.html`)]
}
