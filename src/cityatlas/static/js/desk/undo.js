// Remember the states that somebody went through, to go back and forth between them.

export class Steps {
  /** @param {string} first */
  constructor(first) {
    this.states = [first];
    this.at = 0;
  }

  /** Add a state after the present one; what was undone before is gone.
   * @param {string} state
   */
  add(state) {
    if (state === this.states[this.at]) return;
    this.states = [...this.states.slice(0, this.at + 1), state];
    this.at += 1;
  }

  get canUndo() {
    return this.at > 0;
  }

  get canRedo() {
    return this.at < this.states.length - 1;
  }

  /** Go `by` steps (-1 is undo, 1 is redo) and return the state there.
   * @param {number} by
   */
  go(by) {
    this.at = Math.min(Math.max(this.at + by, 0), this.states.length - 1);
    return this.states[this.at];
  }
}
