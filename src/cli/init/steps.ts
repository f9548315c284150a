import type { SiteAnswers } from '../../settings/site-table.ts'

export type Name = keyof SiteAnswers

/** One question of the conversation, and when it is asked. */
export type Step = {
  readonly name: Name
  readonly message: string
  /** What `?` answers. */
  readonly help: string
  readonly when?: (answers: SiteAnswers) => boolean
}

/** What a person has to decide; everything else is found by looking, or has one good default. */
export const steps: readonly Step[] = [
  {
    name: 'name',
    message: 'Name of the site',
    help: 'The service, its user and its directories in /etc, /run and /var/lib are called so. Short and plain, such as shop.',
  },
  {
    name: 'domain',
    message: 'Domain (several with commas, the main one first)',
    help: 'The host names visitors type, such as shop.example.com, www.shop.example.com. They have to point to this host before a certificate can be had. localhost is fine for a first look.',
  },
  {
    name: 'app',
    message: 'Application, PATH[:EXPORT]',
    help: 'The file that exports the application or starts it, in JavaScript or TypeScript. Without an export: default, then app, handler, server.',
  },
  {
    name: 'tls',
    message: 'Certificate',
    help: 'letsencrypt: free, renewed by itself, for public names. files: you have a certificate already. self-signed: browsers warn. off: plain http, for instance behind a load balancer that ends TLS.',
  },
  {
    name: 'email',
    message: 'Mail address for the certificate authority, or none',
    help: 'It may write there when something is wrong with the certificate. Nobody else learns it.',
    when: ({ tls }) => tls === 'letsencrypt',
  },
  {
    name: 'certificate',
    message: 'File with the certificate chain',
    help: 'PEM: the certificate of the site first, then those between it and the authority; often called fullchain.pem.',
    when: ({ tls }) => tls === 'files',
  },
  {
    name: 'certificateKey',
    message: 'File with the private key',
    help: 'PEM, without a password. Only root should be able to read it.',
    when: ({ tls }) => tls === 'files',
  },
  {
    name: 'cdn',
    message: 'What stands in front of this host',
    help: 'A network such as Cloudflare hides the addresses of visitors behind its own; named here, nginx shows and limits visitors by their own. For load balancers of your own use --trusted-proxies.',
  },
  {
    name: 'workers',
    message: 'Worker processes',
    help: 'How many copies of the application serve side by side: as many as the machine has processors, and two at least, so that one serves while the other is replaced.',
  },
  {
    name: 'static',
    message: 'Files that nginx serves itself, URLPREFIX=DIR (several with commas), or none',
    help: 'Pictures and scripts that need no application, such as /assets/=public/assets. Everybody can read what lies there, except names that begin with a dot.',
  },
]
