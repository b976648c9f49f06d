/** A map with an upper bound, so that no input fills the memory. */

/** Keeps at most `most` entries: those set last. Setting a key again makes it the youngest. */
export class BoundedMap<K, V> extends Map<K, V> {
  constructor(private readonly most: number) {
    super();
  }

  override set(key: K, value: V): this {
    this.delete(key);
    super.set(key, value);
    if (this.size > this.most) for (const oldest of this.keys()) return (this.delete(oldest), this);
    return this;
  }
}
