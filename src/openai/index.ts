/** The public entry point of the client for OpenAI-compatible servers. Errors and types are those of `src/ollama`. */
export { OpenAIClient, type ClientDependencies } from './client.ts';
export { FieldSupport } from './fieldSupport.ts';
export { speaksOpenAI } from './recognition.ts';
