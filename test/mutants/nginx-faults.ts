import type { Mutant } from './mutant.ts'

const site = 'templates/etc/nginx/sites-available/site.conf.hbs'
const render = 'test/unit/bundle/render.test.ts'
const nginx = 'test/unit/bundle/nginx.test.ts'

/** Faults in what is made for nginx. */
export const nginxFaults: readonly Mutant[] = [
  {
    fault: 'plain http is not sent to https',
    ...{
      file: site,
      from: 'return 301 https://$host{{httpsPortSuffix}}$request_uri;',
      to: 'return 404 "{{httpsPortSuffix}}";',
    },
    ...{ test: nginx, name: /http leads to https/ },
  },
  {
    fault: 'TLS 1.1 is spoken',
    ...{
      file: site,
      from: 'ssl_protocols TLSv1.2 TLSv1.3;\n    ssl_ciphers',
      to: 'ssl_protocols TLSv1.1 TLSv1.2 TLSv1.3;\n    ssl_ciphers',
    },
    ...{ test: nginx, name: /TLS is 1\.2 and 1\.3, with forward secrecy only/ },
  },
  {
    fault: 'what a client says of its address is passed on',
    ...{ file: site, from: 'X-Forwarded-For $remote_addr', to: 'X-Forwarded-For $proxy_add_x_forwarded_for' },
    ...{ test: nginx, name: /each header for the application is set once/ },
  },
  {
    fault: 'each request closes its connection to the worker',
    ...{ file: site, from: "    ''      '';\n}\n\n# WebSockets", to: "    ''      close;\n}\n\n# WebSockets" },
    ...{ test: nginx, name: /connections to the workers are kept/ },
  },
  {
    fault: 'hidden files are served',
    ...{
      file: site,
      from: 'location ~ /\\. {\n            return 404;',
      to: 'location ~ /\\. {\n            expires 1h;',
    },
    ...{ test: nginx, name: /a static directory cannot be left, and its hidden files are not served/ },
  },
  {
    fault: 'nginx tells its version',
    ...{
      file: site,
      from: '    server_tokens off;\n    access_log {{accessLog}} {{id}}_access;\n    error_log {{errorLog}};\n{{#if tls}}',
      to: '    access_log {{accessLog}} {{id}}_access;\n    error_log {{errorLog}};\n{{#if tls}}',
    },
    ...{ test: nginx, name: /nginx does not tell its version/ },
  },
  {
    fault: 'nginx gives up before a hung worker is replaced',
    ...{ file: 'src/bundle/nginx-view.ts', from: 'serverTimes.timeout + 30_000', to: 'serverTimes.timeout - 10_000' },
    ...{ test: render, name: /nginx waits longer for a worker than a hung one lives/ },
  },
]
