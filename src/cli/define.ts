/** Declares commands: names, arguments and examples are at hand at once, the code behind them only when it runs. */
import { Argument, Command, Option } from 'commander';
import { Context, type CommonOptions } from './context.ts';

export interface CommandLine {
  readonly context: Context;
  /** Arguments in their order: a string, a list for a variadic one, undefined for one left out. */
  readonly args: readonly (string | readonly string[] | undefined)[];
  /** Options under their camel-cased names. */
  readonly options: Readonly<Record<string, unknown>>;
}

export interface Definition {
  /** As commander writes it: `output <agent>`. */
  readonly usage: string;
  readonly summary: string;
  /** Further paragraphs of --help. */
  readonly detail?: string;
  /** [flags, description] or [flags, description, default]. */
  readonly options?: readonly (readonly [string, string, string?])[];
  readonly choices?: Readonly<Record<string, readonly string[]>>;
  readonly examples: readonly string[];
  readonly hidden?: boolean;
  readonly run: (line: CommandLine) => Promise<void>;
}

/** Adds the command to `parent`. */
export function define(parent: Command, definition: Definition): void {
  const [name, ...args] = definition.usage.split(' ');
  const command = parent.command(name!, { hidden: definition.hidden === true });
  command.summary(definition.summary).description(describe(definition));
  for (const arg of args) {
    const argument = new Argument(arg);
    const choices = definition.choices?.[argument.name()];
    command.addArgument(choices ? argument.choices(choices) : argument);
  }
  for (const [flags, text, preset] of definition.options ?? []) {
    const option = new Option(flags, text);
    const choices = definition.choices?.[option.attributeName()];
    if (choices) option.choices(choices);
    if (preset !== undefined) option.default(preset);
    command.addOption(option);
  }
  command.addHelpText('after', exampleText(definition.examples));
  command.action(async (...given: unknown[]) => {
    const options = command.optsWithGlobals() as CommonOptions & Record<string, unknown>;
    const values = given.slice(0, args.length) as CommandLine['args'];
    await definition.run({ context: new Context(options), args: values, options });
  });
}

/** A command that only holds others: `llmctl plan check`. Without one of them it prints its help, and that is wrong usage. */
export function group(program: Command, name: string, summary: string, examples: readonly string[]): Command {
  const command = program.command(name).summary(summary).description(sentence(summary));
  return command.addHelpText('after', exampleText(examples));
}

function sentence(summary: string): string {
  return `${summary[0]!.toUpperCase()}${summary.slice(1)}.`;
}

function exampleText(examples: readonly string[]): string {
  return `\nExamples:\n${examples.map((line) => `  $ ${line}`).join('\n')}`;
}

function describe({ summary, detail }: Definition): string {
  return detail === undefined ? sentence(summary) : `${sentence(summary)}\n\n${detail}`;
}
