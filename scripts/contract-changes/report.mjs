// Reports changes as lines for a person, breaking ones first. Equal changes in several places share one line.
const maxPlaces = 3

/** @returns lines such as `breaking    POST /signup 200: the member message was removed` */
export const reportChanges = (changes) => {
  const groups = new Map()
  for (const { isBreaking, place, text } of changes) {
    const key = JSON.stringify([isBreaking, text])
    groups.set(key, { isBreaking, text, places: (groups.get(key)?.places ?? new Set()).add(place) })
  }
  return [...groups.values()]
    .sort((one, other) => Number(other.isBreaking) - Number(one.isBreaking))
    .map(
      ({ isBreaking, text, places }) =>
        `${isBreaking ? 'breaking  ' : 'compatible'}  ${showPlaces([...places])}: ${text}`,
    )
}

const showPlaces = (places) => {
  const rest = places.length - maxPlaces
  return `${places.slice(0, maxPlaces).join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`
}
