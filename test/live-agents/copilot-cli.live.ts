// The real agent behind the copilot-cli adapter; what is checked is in check-agent.ts.
import { agent } from '../../adapters/agents/copilot-cli/index.ts';
import { checkAgent } from './check-agent.ts';

checkAgent('copilot-cli', agent);
