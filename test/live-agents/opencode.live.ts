// The real agent behind the opencode adapter; what is checked is in check-agent.ts.
import { agent } from '../../adapters/agents/opencode/index.ts';
import { checkAgent } from './check-agent.ts';

checkAgent('opencode', agent);
