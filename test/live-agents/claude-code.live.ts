// The real agent behind the claude-code adapter; what is checked is in check-agent.ts.
import { agent } from '../../adapters/agents/claude-code/index.ts';
import { checkAgent } from './check-agent.ts';

checkAgent('claude-code', agent);
