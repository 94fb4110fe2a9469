/** A column of a table, with its place among all columns of the database. */
export interface Column {
  readonly table: string
  readonly name: string
  readonly id: number
}

/** The tables and columns of a database, in the order in which the database lists them. Names are compared without case. */
export class Schema {
  readonly columns: readonly Column[]
  readonly #tables = new Map<string, string>()
  readonly #columns = new Map<string, Column>()
  readonly #names = new Map<string, string>()

  /** @param tables names of tables with the names of their columns, in the order of the database */
  constructor(tables: readonly { readonly name: string; readonly columns: readonly string[] }[]) {
    const columns: Column[] = []
    for (const table of tables) {
      this.#tables.set(table.name.toLowerCase(), table.name)
      this.#names.set(table.name.toLowerCase(), table.name)
      for (const name of table.columns) {
        const column = { table: table.name, name, id: columns.length }
        columns.push(column)
        this.#columns.set(key(table.name, name), column)
        if (!this.#names.has(name.toLowerCase())) this.#names.set(name.toLowerCase(), name)
      }
    }
    this.columns = columns
  }

  /** True if a table or a column has this name. */
  hasName(name: string): boolean {
    return this.#names.has(name.toLowerCase())
  }

  /** A name as the database spells it. */
  spelling(name: string): string {
    return this.#names.get(name.toLowerCase()) ?? name
  }

  /** The table of this name, as the database spells it. */
  tableNamed(name: string): string | undefined {
    return this.#tables.get(name.toLowerCase())
  }

  /** The column of this name in a table, as the database spells it. */
  columnNamed(table: string, name: string): string | undefined {
    return this.#columns.get(key(table, name))?.name
  }

  /** The place of a column among all columns. */
  columnId(table: string, name: string): number | undefined {
    return this.#columns.get(key(table, name))?.id
  }
}

const key = (table: string, column: string): string => `${table.toLowerCase()}\u0000${column.toLowerCase()}`
