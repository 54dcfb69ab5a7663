// The real agent behind the gemini-cli adapter; what is checked is in check-agent.ts.
import { agent } from '../../adapters/agents/gemini-cli/index.ts';
import { checkAgent } from './check-agent.ts';

checkAgent('gemini-cli', agent);
