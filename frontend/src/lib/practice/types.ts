import type { components } from '$lib/api/schema';

type Schemas = components['schemas'];
export type SessionRead = Schemas['SessionRead'];
export type ShownQuestion = Schemas['ShownQuestion'];
export type StepRead = Schemas['StepRead'];
export type Content = Schemas['QuestionContent'];
export type Choice = Schemas['Choice'];
/** What is sent as an answer; one member is used, by type of question. */
export type Answer = Schemas['AnswerCreate']['response'];
export type Rating = Schemas['Rating'];
export type StepKind = 'answers' | 'hints' | 'skips' | 'reveals';

/** What every component of a type of question gets. */
export type QuestionProps = {
  question: Content;
  answer: Answer;
  /** The question is finished or its answer is on its way. */
  isLocked: boolean;
  /** The right answer, once it may be shown. */
  right: Answer | null;
};
