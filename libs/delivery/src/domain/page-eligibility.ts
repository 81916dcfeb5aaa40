import type { BannerId } from '@vitrine/kernel';
import type { Eligibility, EligibleBanner } from '@vitrine/catalog';

/** What the placements of one query share: no banner is shown twice on one page. */
export class PageBanners {
  private readonly shown = new Set<string>();

  /** The ids that eligibility must leave out: the caller's own and those already on the page. */
  excluding(requested: readonly string[]): ReadonlySet<string> {
    return requested.length === 0 && this.shown.size === 0 ? NONE : new Set([...requested, ...this.shown]);
  }

  /** Tells the caller's exclusions apart from the page's own: both went into eligibility as one set. */
  explain(eligibility: Eligibility, requested: readonly string[]): Eligibility {
    if (this.shown.size === 0) return eligibility;
    const ofPage = (id: BannerId): boolean => this.shown.has(id) && !requested.includes(id);
    return {
      eligible: eligibility.eligible,
      rejected: eligibility.rejected.map((entry) =>
        entry.reason === 'EXCLUDED' && ofPage(entry.bannerId) ? { bannerId: entry.bannerId, reason: 'ALREADY_ON_PAGE' as const } : entry,
      ),
    };
  }

  /** Fallback banners are no exception. */
  without(fallback: readonly EligibleBanner[], requested: readonly string[]): readonly EligibleBanner[] {
    const left = this.excluding(requested);
    return left.size === 0 ? fallback : fallback.filter(({ banner }) => !left.has(banner.id));
  }

  add(shown: readonly EligibleBanner[]): void {
    for (const { banner } of shown) this.shown.add(banner.id);
  }
}

const NONE: ReadonlySet<string> = new Set();
