/**
 * What any SQLite client may read, with the names and columns of docs/persistence.md: no function of ours is needed. Times are seconds since 1970, as other
 * programs expect them. What was learned comes from rows that are written with the snapshots, what happened from the log itself; facts whose payload is encrypted
 * are left out.
 */

/** In the namespace `default` an agent is called as it is; elsewhere its name stands behind that of the namespace. */
const agentName = (name: string): string => `iif(n.name = 'default', ${name}, n.name || '/' || ${name})`

const seconds = (column: string): string => `${column} / 1000.0`

/** The row of a name that was written last, where several learners learn at one choice point; of those written at once, the first by name. */
const published = (view: string, column: string): string => `
  CREATE VIEW ${view} AS
  SELECT p.id AS id, ${agentName('p.name')} AS agent_name, p.json AS ${column}, ${seconds('p.updated_at')} AS last_updated
  FROM published_rows AS p JOIN namespaces AS n ON n.number = p.namespace
  WHERE p.view = '${view}' AND p.id = (
    SELECT other.id FROM published_rows AS other
    WHERE other.namespace = p.namespace AND other.view = p.view AND other.name = p.name
    ORDER BY other.sequence DESC, other.learner LIMIT 1
  );`

/** Facts whose data can be read. */
const readable = (kind: string): string => `f.kind = '${kind}' AND iif(json_valid(f.data), json_type(f.data), NULL) = 'object'`

/** A payload that lies in a blob as a whole. */
const blob = (part: string): string => `(
      SELECT b.text FROM json_each(f.blobs) AS r JOIN blobs AS b ON b.namespace = f.namespace AND b.hash = json_extract(r.value, '$.hash')
      WHERE f.blobs IS NOT NULL AND json_extract(r.value, '$.place') = '["${part}"]'
    )`

/** A payload as text: whole where it lies in a blob, as JSON where it is no text. */
const payload = (part: string): string => `coalesce(
    ${blob(part)},
    iif(json_type(f.data, '$.${part}') = 'text', json_extract(f.data, '$.${part}'), f.data -> '$.${part}'), '')`

const agentRewards = `
  CREATE VIEW agent_rewards AS
  SELECT f.sequence AS id, ${agentName("coalesce(f.agent, '')")} AS agent_name, w.reward AS reward,
    coalesce(w.parts, json_object('verdict', w.reward)) AS reward_components, ${seconds('f.occurred_at')} AS timestamp
  FROM worths AS w JOIN facts AS f ON f.sequence = w.sequence JOIN namespaces AS n ON n.number = f.namespace
  WHERE f.kind = 'run.recorded' AND json_valid(f.data)
  UNION ALL
  SELECT f.sequence, ${agentName("coalesce(f.agent, '')")}, json_extract(f.data, '$.reward'), json_extract(f.data, '$.components'), ${seconds('f.occurred_at')}
  FROM facts AS f JOIN namespaces AS n ON n.number = f.namespace
  WHERE ${readable('reward.saved')};`

/** The last word on a run that was not taken back: its comment, or all of it as JSON. */
const feedback = `
    (SELECT coalesce(json_extract(s.data, '$.comment'), s.data) FROM facts AS s
     WHERE s.namespace = f.namespace AND s.run = f.run AND s.kind = 'feedback.received' AND NOT EXISTS (
       SELECT 1 FROM facts AS t WHERE t.namespace = f.namespace AND t.run = f.run AND t.kind = 'feedback.retracted' AND json_extract(t.data, '$.feedback') = s.id
     )
     ORDER BY s.sequence DESC LIMIT 1)`

const agentInteractions = `
  CREATE VIEW agent_interactions AS
  SELECT f.sequence AS id, ${agentName("coalesce(f.agent, '')")} AS agent_name, ${payload('task')} AS request, ${payload('response')} AS response,
    ${feedback} AS feedback, ${seconds('f.occurred_at')} AS timestamp
  FROM facts AS f JOIN namespaces AS n ON n.number = f.namespace
  WHERE ${readable('run.recorded')};`

const agentDecisions = `
  CREATE VIEW agent_decisions AS
  SELECT f.sequence AS id, ${agentName("coalesce(f.agent, json_extract(f.data, '$.point'))")} AS agent_name, coalesce(json_extract(f.data, '$.state'), '') AS state,
    json_extract(f.data, '$.option') AS selected_action, coalesce(json_extract(f.data, '$.values'), '{}') AS q_values,
    iif(w.reward IS NULL, '{}', json_object('reward', w.reward, 'weight', w.weight)) AS reward, ${seconds('f.occurred_at')} AS timestamp
  FROM facts AS f JOIN namespaces AS n ON n.number = f.namespace LEFT JOIN worths AS w ON w.sequence = f.sequence
  WHERE ${readable('decision.made')}
  UNION ALL
  SELECT f.sequence, ${agentName("coalesce(f.agent, '')")}, json_extract(f.data, '$.state'), json_extract(f.data, '$.action'), json_extract(f.data, '$.values'),
    coalesce(${blob('reward')}, f.data -> '$.reward', '{}'), ${seconds('f.occurred_at')}
  FROM facts AS f JOIN namespaces AS n ON n.number = f.namespace
  WHERE ${readable('decision.saved')};`

/** Statements that bring a schema to have the rows and views. */
export const viewsMigration = `
  -- Of what a learner publishes, one row for each choice point.
  CREATE TABLE published_rows (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    namespace INTEGER NOT NULL,
    learner TEXT NOT NULL,
    view TEXT NOT NULL,
    name TEXT NOT NULL,
    json TEXT NOT NULL,
    sequence INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    UNIQUE (namespace, learner, name)
  ) STRICT;
  CREATE INDEX published_rows_by_name ON published_rows (namespace, view, name);

  -- What runs and decisions earned, by the sequence of their fact.
  CREATE TABLE worths (
    sequence INTEGER PRIMARY KEY,
    namespace INTEGER NOT NULL,
    settled INTEGER NOT NULL,
    reward REAL NOT NULL,
    weight REAL NOT NULL,
    parts TEXT
  ) STRICT;
  ${published('q_tables', 'q_table')}
  ${published('policy_params', 'policy_params')}
  ${agentRewards}
  ${agentInteractions}
  ${agentDecisions}
`
