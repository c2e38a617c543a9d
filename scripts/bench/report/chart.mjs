// Draws the chart of GET /protected as SVG, with a horizontal bar for each server.
import { figure } from './figures.mjs'

const width = 720
const labelWidth = 224
const valueWidth = 92
const margin = 24
const barHeight = 26
const pitch = 42
const top = 84
const font = "system-ui, -apple-system, 'Segoe UI', Roboto, Helvetica, Arial, sans-serif"

const escape = (text) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')

const lines = (parts) => parts.flat().join('\n')

/** @returns the SVG; undefined if the document does not contain that case */
export const renderChart = (document) => {
  const found = document.cases.find(({ id }) => id === 'protected')
  if (!found) return undefined
  const entries = [...newTokens(document), ...found.entries.filter(({ id }) => id !== 'sesame-wide')]
  const height = top + entries.length * pitch + 84
  const title = 'GET /protected: CPU time per request'
  return `${lines([
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" font-family="${font}">`,
    `<title>${title}</title>`,
    `<desc>${escape(entries.map(({ name, cpuMicroseconds }) => `${name}: ${figure(cpuMicroseconds.median)} µs`).join('; '))}</desc>`,
    style,
    `<rect class="ground" x="0.5" y="0.5" width="${width - 1}" height="${height - 1}" rx="8"/>`,
    `<text class="title" x="${margin}" y="40">${title}</text>`,
    `<text class="note" x="${margin}" y="62">Microseconds, less is better. Sesame caches verified tokens; the others verify each time.</text>`,
    bars(entries),
    caption(document, height),
    '</svg>',
  ])}\n`
}

/** The entry for requests whose token is not in Sesame's cache. */
const newTokens = ({ cases }) =>
  cases
    .filter(({ id }) => id === 'protected-many-tokens')
    .flatMap(({ entries }) => entries.filter(({ id }) => id === 'sesame'))
    .map((entry) => ({ ...entry, name: 'Sesame, every token new' }))

const style = `<style>
.ground { fill: #ffffff; stroke: #d0d7de }
.title { fill: #1f2328; font-size: 18px; font-weight: 600 }
.label { fill: #1f2328; font-size: 14px }
.own { font-weight: 600 }
.value { fill: #1f2328; font-size: 14px; font-weight: 600 }
.note { fill: #59636e; font-size: 12px }
.bar { fill: #9aa7b4 }
.bar.own { fill: #0969da }
.spread { stroke: #1f2328; stroke-width: 1.5; opacity: 0.55 }
@media (prefers-color-scheme: dark) {
.ground { fill: #0d1117; stroke: #3d444d }
.title, .label, .value { fill: #f0f6fc }
.note { fill: #9198a1 }
.bar { fill: #57616c }
.bar.own { fill: #4493f8 }
.spread { stroke: #f0f6fc }
}
</style>`

const bars = (entries) => {
  const longest = Math.max(...entries.map(({ cpuMicroseconds }) => cpuMicroseconds.highest))
  const room = width - 2 * margin - labelWidth - valueWidth
  const scale = (value) => round((value / longest) * room)
  return entries.map((entry, i) => bar(entry, top + i * pitch, scale))
}

const bar = ({ id, name, cpuMicroseconds: { median, lowest, highest } }, y, scale) => {
  const x = margin + labelWidth
  const own = id === 'sesame' ? ' own' : ''
  const middle = y + barHeight / 2
  return [
    `<text class="label${own}" x="${margin}" y="${middle + 5}">${escape(name)}</text>`,
    `<rect class="bar${own}" x="${x}" y="${y}" width="${scale(median)}" height="${barHeight}" rx="3"/>`,
    `<line class="spread" x1="${x + scale(lowest)}" x2="${x + scale(highest)}" y1="${middle}" y2="${middle}"/>`,
    `<text class="value" x="${round(x + scale(highest) + 8)}" y="${middle + 5}">${figure(median)} µs</text>`,
  ]
}

const round = (number) => Math.round(number * 10) / 10

const caption = ({ machine, versions, commit, date }, height) => {
  const { node, koa, fastify, fastapi } = versions
  const named = { Node: node, Koa: koa, Fastify: fastify, FastAPI: fastapi }
  const list = Object.entries(named).flatMap(([name, version]) => (version ? [`${name} ${version}`] : []))
  return [
    `Sesame ${versions.sesame}, commit ${commit}, ${date.slice(0, 10)}`,
    list.join(', '),
    `${machine.cores} cores (${machine.cpu}), ${machine.system}`,
  ].map((text, i) => `<text class="note" x="${margin}" y="${height - 58 + i * 18}">${escape(text)}</text>`)
}
