import { Command, Option } from 'commander'
import { serverTable } from '../settings/server-table.ts'
import { addCheckOptions, isCheck } from './check/options.ts'
import type { Context, Flags } from './context.ts'
import type { CtlFlags } from './ctl.ts'
import { formatHelp, type Page } from './help.ts'
import { addTableOptions, span, wholeNumber } from './options.ts'
import { completionPage, ctlPage, deployPage, docsPage, initPage, rehearsePage, rootPage, servePage } from './pages.ts'
import { version } from './version.ts'

/** Takes the exit status of a command once there is one. */
export type Conclude = (status: Promise<number>) => Promise<void>

const widestPage = 110
const intervals = { min: 100, max: 3_600_000 }
const ports = { min: 1, max: 65_535 }

/** The whole command line. What a command needs in order to run is loaded when it runs. */
export function createProgram(context: Context, conclude: Conclude): Command {
  const serve = serveCommand(context).action(async (app: string | undefined, flags: Flags) => {
    const { runServe } = await import('./serve.ts')
    await conclude(runServe(withApp(app, flags), context))
  })
  const program = teach(new Command('tsicorn'), { page: rootPage, context, also: serve })
  program.version(version(), '-v, --version', 'print the version and exit').options.at(-1)?.helpGroup('Help')
  program.addCommand(serve, { isDefault: true })
  program.addCommand(initCommand(context, conclude)).addCommand(rehearseCommand(context, conclude))
  program.addCommand(deployCommand(context, conclude))
  program.addCommand(ctlCommand(context, conclude)).addCommand(docsCommand(context, conclude))
  program.addCommand(completionCommand(context, conclude))
  // The table of a site is long, and no other command needs it.
  program.hook('preSubcommand', async (_program, command) => {
    if (command.name() === 'init') addTableOptions(command, (await import('../settings/site-table.ts')).siteTable)
  })
  return program
}

/** serve without what it does: its flags are also read from TSICORN_CMD_ARGS. */
export function serveCommand(context: Context): Command {
  const command = teach(new Command('serve'), { page: servePage, context })
  addTableOptions(command, serverTable)
  return command.argument('[app]')
}

/** The flags of serve, with the argument among them under the name of its setting. */
export function withApp(app: string | undefined, flags: Flags): Flags {
  return app === undefined ? flags : { ...flags, app: [app] }
}

function initCommand(context: Context, conclude: Conclude): Command {
  const command = teach(new Command('init'), { page: initPage, context }).argument('[dir]')
  const group = (option: Option) => command.addOption(option.helpGroup('Asking and writing'))
  group(new Option('--yes', 'ask nothing'))
  group(new Option('--answers <FILE>', 'take the answers from a JSON file with the same names, such as site.json'))
  group(new Option('--force', 'replace files that were changed by hand'))
  group(new Option('--diff', 'show what would change, and write nothing'))
  return command.action(async (directory: string | undefined, flags: Flags) => {
    const { runInit } = await import('./init.ts')
    await conclude(runInit(directory, flags, context))
  })
}

function rehearseCommand(context: Context, conclude: Conclude): Command {
  const command = teach(new Command('rehearse'), { page: rehearsePage, context }).argument('[dir]')
  command.option('--once', 'check, stop, and exit with the result')
  command.option('--json', 'print the report as JSON, and nothing else, on standard output')
  command.option('--strict', 'count warnings as failures')
  command.option('--http-port <N>', 'the port for plain HTTP (default 8080)', wholeNumber(ports), 8080)
  command.option('--https-port <N>', 'the port for HTTPS (default 8443)', wholeNumber(ports), 8443)
  command.option('--keep', 'keep the scratch folder, and say where it is')
  return command.action(async (directory: string | undefined, flags: Flags) => {
    const { runRehearse } = await import('./rehearse.ts')
    await conclude(runRehearse(directory, flags, context))
  })
}

function deployCommand(context: Context, conclude: Conclude): Command {
  const command = teach(new Command('deploy'), { page: deployPage, context }).argument('[dir]')
  command.option('--dry-run', 'show the plan, and change nothing')
  command.option('--diff', 'show the plan with what every file would say, and change nothing')
  command.option('--json', 'print the plan, or the report of --check, as JSON, and change nothing')
  command.option('--force', 'write over files that somebody else wrote or changed')
  command.option('--root <DIR>', 'put the files into a directory instead, as below the root of a host')
  command.option('--disable-default-site', "give up nginx's default site; uninstalling brings it back")
  command.option('--release <DIR>', 'bring a new release of the application, and switch to it')
  command.option('--keep <N>', 'how many releases stay (default 5)', wholeNumber({ min: 1, max: 1000 }), 5)
  command.option('--rollback', 'go back to the deployment before')
  command.option('--uninstall', 'remove what was installed, and leave the host as it was')
  command.option('--recover', 'put back what a deployment that was cut off has left, and stop')
  addCheckOptions(command)
  return command.action(async (directory: string | undefined, flags: Flags) => {
    if (isCheck(flags)) {
      const { runCheck } = await import('./check.ts')
      return conclude(runCheck(directory, flags, context))
    }
    const { runDeploy } = await import('./deploy.ts')
    await conclude(runDeploy(directory, flags, context))
  })
}

function ctlCommand(context: Context, conclude: Conclude): Command {
  const command = teach(new Command('ctl'), { page: ctlPage, context }).argument('[command...]')
  command.option('--control-socket <PATH>', 'the control socket of the server (env TSICORN_CONTROL_SOCKET)')
  command.option(
    '--name <NAME>',
    'the server whose control socket is /run/NAME/control.sock, as that of a generated service',
  )
  command.option('--json', 'print the answer as JSON')
  command.option('--interval <SECONDS>', 'with top: the pause between two looks (default 1)', span(intervals))
  command.option('--quick', 'with shutdown: do not wait for requests in flight')
  return command.action(async (words: readonly string[], flags: CtlFlags) => {
    const { runCtl } = await import('./ctl.ts')
    await conclude(runCtl(words, flags, context))
  })
}

function docsCommand(context: Context, conclude: Conclude): Command {
  const command = teach(new Command('docs'), { page: docsPage, context }).argument('[topic]')
  return command.action(async (topic: string | undefined) => {
    const { runDocs } = await import('./docs.ts')
    await conclude(runDocs(topic, context))
  })
}

function completionCommand(context: Context, conclude: Conclude): Command {
  const command = teach(new Command('completion'), { page: completionPage, context }).argument('[shell]')
  return command.action(async (shell: string | undefined) => {
    const { runCompletion } = await import('./completion.ts')
    await conclude(runCompletion(shell, command.parent ?? command, context))
  })
}

type Lesson = { readonly page: Page; readonly context: Context; readonly also?: Command }

/** Help in our words on stdout; errors are thrown, and printed by whoever catches them. */
function teach(command: Command, { page, context, also }: Lesson): Command {
  const { stdout, paint } = context
  const look = { paint, width: Math.min(stdout.columns ?? widestPage, widestPage) }
  command.exitOverride().configureOutput({ writeOut: (text) => void stdout.write(text), outputError: () => {} })
  command.helpCommand(false).addHelpOption(new Option('-h, --help', 'print this and exit').helpGroup('Help'))
  return command.configureHelp({
    formatHelp: (_command, helper) =>
      formatHelp(
        page,
        [...(also?.options ?? []).filter((option) => !option.hidden), ...helper.visibleOptions(command)],
        look,
      ),
  })
}
