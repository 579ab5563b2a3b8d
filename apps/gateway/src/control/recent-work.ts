/** When this process last worked in PostgreSQL for an organization: what it answers next must not be older than that. */

const mostOrganizations = 10_000;

export class RecentWork {
  private readonly byOrganization = new Map<string, number>();
  private everywhere = 0;

  /** @param organizationId null for work that spans organizations, or for work before one is known */
  ended(organizationId: string | null): void {
    const now = performance.now();
    if (organizationId === null) {
      this.everywhere = now;
      return;
    }
    this.byOrganization.delete(organizationId);
    this.byOrganization.set(organizationId, now);
    if (this.byOrganization.size <= mostOrganizations) return;
    const [oldest] = this.byOrganization.keys();
    // Who is forgotten here must not seem older than it is.
    if (oldest !== undefined) {
      this.everywhere = Math.max(this.everywhere, this.byOrganization.get(oldest) ?? 0);
      this.byOrganization.delete(oldest);
    }
  }

  /** Milliseconds on `performance.now()`'s scale. */
  of(organizationId: string | null): number {
    const own = organizationId === null ? 0 : (this.byOrganization.get(organizationId) ?? 0);
    return Math.max(own, this.everywhere);
  }
}
