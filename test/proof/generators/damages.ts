// Damaged contracts. Each generator gets them all, and among them every kind of fault that a generator can show has to
// come to light.
export const damages: readonly ((document: any) => void)[] = [
  // Two functions of one name, or one of them numbered; and a body of which nothing is known.
  (document) => {
    document.paths['/health/ready'].get.operationId = 'readLiveness'
    document.paths['/signup'].post.responses['200'].content['application/json'].schema = {}
  },
  // A schema that is not there.
  (document) => {
    const { schema } = document.paths['/signup'].post.responses['200'].content['application/json']
    schema.$ref = `${schema.$ref}Lost`
  },
  // Parameters of another type.
  (document) => {
    document.components.parameters.Limit.schema.type = 'boolean'
    document.paths['/sessions/{session_id}'].delete.parameters = [
      { name: 'session_id', in: 'path', required: true, schema: { type: 'integer' } },
    ]
  },
]

/** What has to come to light in the client of each generator. */
export const columns = ['generated', 'names', 'types', 'parameters']
