// The real agent behind the acp adapter; what is checked is in check-agent.ts.
import { agent } from '../../adapters/agents/acp/index.ts';
import { checkAgent } from './check-agent.ts';

checkAgent('acp-opencode', agent);
checkAgent('acp-gemini', agent);
