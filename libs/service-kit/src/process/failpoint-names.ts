/** The catalogue of failpoints: every named place at which a test may kill, fail or delay a service, and what is undone there. */

export const failpointNames = {
  'sync.after-claim': 'The run is claimed and its lease drawn; nothing was read yet.',
  'load.before-commit': 'All rows of a slice are written, in a transaction that is still open.',
  'load.after-commit': "A slice's rows, revision and checkpoint are committed; the run has not ended.",
  'sync.before-end': "The run's end and its cascade are written, in a transaction that is still open.",
  'sync.before-park': 'A run that waits for quota is set aside, in a transaction that is still open.',
  'sync.after-park': "A run is set aside and committed; the source's next run was not woken.",
  'sync.after-end': "The run's end is committed; the next run of the source was not woken.",
  'dispatch.before-commit': 'What is owed was worked out and recorded, in a transaction that is still open.',
  'dispatch.before-publish-set': 'The members of complete sets are locked; no pointer has moved.',
  'dispatch.in-publish-set': 'The pointers of complete sets have moved, in a transaction that is still open.',
  'dispatch.after-publish-set':
    'Complete sets are published and committed; what is owed now was not worked out.',
  'dispatch.before-enqueue': 'The record of a dispatch is committed; no job was enqueued.',
  'dispatch.after-enqueue': 'The jobs of a dispatch are in the queue.',
  'refresh.after-slot': 'A refresh holds its slot and its model; nothing was written.',
  'refresh.after-lease': 'The refresh is recorded as running with its lease; nothing was built.',
  'refresh.after-snapshot': 'The input vector was read in the exported snapshot; the build has not begun.',
  'refresh.after-build': 'The new version is a table of its own; no guard has run.',
  'refresh.after-guards': 'The guards have run; the versions were not compared.',
  'refresh.after-fence': "The model's row is locked and the fence has decided; nothing was written.",
  'refresh.before-store': 'The edges of the graph are written, the version and its pointer are not.',
  'refresh.before-publish': 'Pointer, vector and history are written, in a transaction that is still open.',
  'refresh.after-publish': 'The refresh has ended and is committed; nobody was told by this process.',
  'refresh.before-failure': "A failed refresh's end is written, in a transaction that is still open.",
  'schedule.before-enqueue': 'Due runs are claimed and committed; no job was enqueued.',
  'net.after-bury': 'Refreshes whose lease ran out were ended; open runs were not enqueued again.',
  'http.before-answer': 'A change asked for over HTTP is committed; the caller was not answered.',
} as const;

export type FailpointName = keyof typeof failpointNames;

export const isFailpointName = (name: string): name is FailpointName => Object.hasOwn(failpointNames, name);
