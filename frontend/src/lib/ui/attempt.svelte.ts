/** Something that is asked of the server once at a time, and what went wrong the last time. */
export class Attempt {
  isBusy = $state(false);
  error = $state<unknown>();

  async make(work: () => Promise<void>): Promise<void> {
    this.isBusy = true;
    this.error = undefined;
    try {
      await work();
    } catch (reason) {
      this.error = reason;
    }
    this.isBusy = false;
  }
}
