// What the library holds beside its tasks (GraphQL types) registers itself when it is loaded.
import 'reflect-metadata';
import { TRAINING_TASKS } from '@vitrine/segment';
import { answerOf } from './thread-answer';

/** What a training thread runs: one function a task, called by name. */
export const trial = answerOf(TRAINING_TASKS.trial);
export const fit = answerOf(TRAINING_TASKS.fit);
export const measure = answerOf(TRAINING_TASKS.measure);
