import type { Outgoing, Received, Send } from './exchange.ts'

/** Requests with someone who counts. */
export interface Watch {
  readonly send: Send
  /** How many of the last requests in a row had no answer. */
  readonly silences: () => number
}

/** @param onAnswer is told of each request that was answered */
export const watch = (send: Send, onAnswer: (outgoing: Outgoing, answer: Received) => void): Watch => {
  let silences = 0
  return {
    send: async (outgoing) => {
      silences += 1
      const answer = await send(outgoing)
      silences = 0
      onAnswer(outgoing, answer)
      return answer
    },
    silences: () => silences,
  }
}
