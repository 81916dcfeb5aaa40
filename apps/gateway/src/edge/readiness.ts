export type DependencyState = 'up' | 'down';

export interface ReadinessReport {
  readonly ready: boolean;
  readonly draining: boolean;
  readonly catalogLoaded: boolean;
  readonly dependencies: Readonly<Record<string, DependencyState>>;
}

/**
 * Whether this process takes requests: from the first loaded catalogue until it drains. A database that goes away later is reported and
 * does not change the answer, since decisions are made from memory (D6).
 */
export class Readiness {
  private draining = false;

  constructor(
    private readonly isCatalogLoaded: () => boolean,
    private readonly dependencies: Readonly<Record<string, () => DependencyState>>,
  ) {}

  drain(): void {
    this.draining = true;
  }

  report(): ReadinessReport {
    const catalogLoaded = this.isCatalogLoaded();
    const dependencies = Object.fromEntries(Object.entries(this.dependencies).map(([name, state]) => [name, state()]));
    return { ready: catalogLoaded && !this.draining, draining: this.draining, catalogLoaded, dependencies };
  }
}
