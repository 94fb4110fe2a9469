const initialRoom = 1024

/** Numbers in a row that grows: 8 bytes each, whatever they are. */
export class Column {
  #values = new Float64Array(initialRoom)
  #size = 0

  push(value: number): void {
    if (this.#size === this.#values.length) {
      const larger = new Float64Array(2 * this.#values.length)
      larger.set(this.#values)
      this.#values = larger
    }
    this.#values[this.#size] = value
    this.#size += 1
  }

  /** NaN where there is none. */
  at(row: number): number {
    return row < this.#size ? (this.#values[row] ?? Number.NaN) : Number.NaN
  }

  set(row: number, value: number): void {
    if (row < this.#size) this.#values[row] = value
  }

  /** The numbers of some rows, in their order, without those that are none. */
  told(rows: ArrayLike<number>): number[] {
    const told: number[] = []
    for (let place = 0; place < rows.length; place += 1) {
      const value = this.at(rows[place] ?? -1)
      if (!Number.isNaN(value)) told.push(value)
    }
    return told
  }
}

/** A column of names, each of which is kept once. */
export class NameColumn {
  readonly #codes = new Column()
  readonly #names: string[] = []
  readonly #known = new Map<string, number>()

  push(name: string | undefined): void {
    this.#codes.push(this.#codeOf(name))
  }

  set(row: number, name: string | undefined): void {
    this.#codes.set(row, this.#codeOf(name))
  }

  at(row: number): string | undefined {
    return this.#names[this.#codes.at(row)]
  }

  #codeOf(name: string | undefined): number {
    if (name === undefined) return -1
    const known = this.#known.get(name)
    if (known !== undefined) return known
    this.#known.set(name, this.#names.length)
    this.#names.push(name)
    return this.#names.length - 1
  }
}
