/** A home in which the four CLIs have been set up: first questions answered, no telemetry, no updates, the stand-in as provider. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Place } from '../kit/temp.ts';

/** @param folders where agents work: trusted. @returns what the environment needs beside it */
export function setUpHome(place: Place, url: string, folders: readonly string[]): Record<string, string> {
  const home = (path: string, text: string): void => write(join(place.home, path), text);
  home('.claude.json', JSON.stringify(claude(folders)));
  home('.codex/config.toml', codex(url, folders));
  home('.gemini/settings.json', JSON.stringify(GEMINI));
  write(join(place.config, 'opencode/opencode.json'), JSON.stringify(opencode(url)));
  return {
    ANTHROPIC_BASE_URL: url,
    ANTHROPIC_API_KEY: 'test',
    CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
    DISABLE_TELEMETRY: '1',
    DISABLE_AUTOUPDATER: '1',
    DISABLE_ERROR_REPORTING: '1',
    STUB_KEY: 'test',
    OPENCODE_DISABLE_AUTOUPDATE: '1',
    OPENCODE_DISABLE_MODELS_FETCH: '1',
    OPENCODE_DISABLE_LSP_DOWNLOAD: '1',
    OPENCODE_DISABLE_SHARE: '1',
    OPENCODE_DISABLE_DEFAULT_PLUGINS: '1',
    GEMINI_API_KEY: 'test',
    GOOGLE_GEMINI_BASE_URL: url,
    GEMINI_TELEMETRY_ENABLED: 'false',
    GEMINI_CLI_TRUST_WORKSPACE: 'true',
  };
}

function write(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

function claude(folders: readonly string[]): object {
  const trusted = { hasTrustDialogAccepted: true, hasCompletedProjectOnboarding: true };
  return {
    hasCompletedOnboarding: true,
    theme: 'dark',
    numStartups: 1,
    customApiKeyResponses: { approved: ['test'], rejected: [] },
    projects: Object.fromEntries(folders.map((folder) => [folder, trusted])),
  };
}

function codex(url: string, folders: readonly string[]): string {
  const trusted = folders.map((folder) => `[projects.${JSON.stringify(folder)}]\ntrust_level = "trusted"\n`);
  return `model = "stub-1"
model_provider = "stub"
approval_policy = "on-request"
sandbox_mode = "workspace-write"
check_for_update_on_startup = false

[model_providers.stub]
name = "Stub"
base_url = "${url}/v1"
env_key = "STUB_KEY"
wire_api = "responses"

[features]
plugins = false
apps = false

[analytics]
enabled = false

[feedback]
enabled = false

[otel]
exporter = "none"
metrics_exporter = "none"
trace_exporter = "none"

${trusted.join('\n')}`;
}

function opencode(url: string): object {
  const model = { name: 'Stub 1', limit: { context: 200_000, output: 8192 }, cost: { input: 3, output: 15 } };
  const options = { baseURL: `${url}/v1`, apiKey: 'test' };
  return {
    $schema: 'https://opencode.ai/config.json',
    autoupdate: false,
    share: 'disabled',
    model: 'stub/stub-1',
    small_model: 'stub/stub-1',
    enabled_providers: ['stub'],
    provider: { stub: { npm: '@ai-sdk/openai-compatible', name: 'Stub', options, models: { 'stub-1': model } } },
    permission: { edit: 'ask', bash: 'ask' },
  };
}

const GEMINI = {
  general: { enableAutoUpdate: false, enableAutoUpdateNotification: false },
  privacy: { usageStatisticsEnabled: false },
  telemetry: { enabled: false },
  model: { name: 'gemini-3.8-flash' },
  security: { auth: { selectedType: 'gemini-api-key' }, folderTrust: { enabled: false } },
  ui: { hideTips: true },
};
