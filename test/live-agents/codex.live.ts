// The real agent behind the codex adapter; what is checked is in check-agent.ts.
import { agent } from '../../adapters/agents/codex/index.ts';
import { checkAgent } from './check-agent.ts';

checkAgent('codex', agent);
