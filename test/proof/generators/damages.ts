// Damages the contract. Each generator gets all damaged contracts, and together they must make each column below fail.
export const damages: readonly ((document: any) => void)[] = [
  // Two operations have one name, and the schema of a response is empty.
  (document) => {
    document.paths['/health/ready'].get.operationId = 'readLiveness'
    document.paths['/signup'].post.responses['200'].content['application/json'].schema = {}
  },
  // A reference leads to no schema.
  (document) => {
    const { schema } = document.paths['/signup'].post.responses['200'].content['application/json']
    schema.$ref = `${schema.$ref}Lost`
  },
  // Parameters have another type.
  (document) => {
    document.components.parameters.Limit.schema.type = 'boolean'
    document.paths['/sessions/{session_id}'].delete.parameters = [
      { name: 'session_id', in: 'path', required: true, schema: { type: 'integer' } },
    ]
  },
]

/** The columns that must fail for each generator. */
export const columns = ['generated', 'names', 'types', 'parameters']
