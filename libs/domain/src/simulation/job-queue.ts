/** The queue as BullMQ keeps it: priorities, deduplication with keepLastIfActive, stalled jobs, and the loss of all of it. */

interface Job {
  id: number;
  modelId: string;
  priority: number;
}

export class JobQueue {
  private waiting: Job[] = [];
  private active = new Map<number, Job>();
  private again = new Map<string, number>();
  private lastId = 0;

  /** A second job for a waiting model only lifts the first; one for an active model runs once more afterwards. */
  add(modelId: string, priority: number): void {
    const waiting = this.waiting.find((job) => job.modelId === modelId);
    if (waiting) waiting.priority = Math.min(waiting.priority, priority);
    else if ([...this.active.values()].some((job) => job.modelId === modelId))
      this.again.set(modelId, priority);
    else this.waiting.push({ id: ++this.lastId, modelId, priority });
  }

  take(): { id: number; modelId: string } | null {
    let best: Job | undefined;
    for (const job of this.waiting) if (!best || job.priority < best.priority) best = job;
    if (!best) return null;
    this.waiting = this.waiting.filter((job) => job !== best);
    this.active.set(best.id, best);
    return best;
  }

  complete(id: number): void {
    const job = this.active.get(id);
    if (!job) return;
    this.active.delete(id);
    const priority = this.again.get(job.modelId);
    if (priority === undefined) return;
    this.again.delete(job.modelId);
    this.add(job.modelId, priority);
  }

  /** The worker of this job was lost: it comes back, ahead of all priorities. */
  stall(id: number): void {
    const job = this.active.get(id);
    if (!job) return;
    this.active.delete(id);
    this.waiting.unshift({ ...job, priority: 0 });
  }

  /** FLUSHALL. Workers go on with what they have, and their completing it is no news to anybody. */
  flush(): void {
    this.waiting = [];
    this.active.clear();
    this.again.clear();
  }

  get isEmpty(): boolean {
    return this.waiting.length === 0 && this.active.size === 0;
  }
}
