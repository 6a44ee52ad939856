export const style = `
:root { color-scheme: light; --ink: #1c2430; --quiet: #4a5565; --paper: #f4f6f8; --sheet: #fff; --line: #c9d1da; --accent: #0b5a6f; --warn: #8a3b00; }
* { box-sizing: border-box }
body { margin: 0; background: var(--paper); color: var(--ink); font: 16px/1.7 "Hiragino Sans", "Noto Sans JP", "Noto Sans CJK JP", "Yu Gothic", system-ui, sans-serif; overflow-wrap: anywhere }
h1 { font-size: 1.35rem; margin: 0; line-height: 1.4 } h2 { font-size: 1.05rem; margin: 0 }
p { margin: .35rem 0; text-wrap: pretty } a { color: var(--accent) }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px }
header { display: grid; grid-template-columns: 1fr auto; gap: .1rem 1rem; align-items: baseline; padding: 1.1rem max(1rem, calc(50vw - 38rem)); background: var(--sheet); border-bottom: 3px solid var(--accent) }
header p { grid-column: 1 / -1; color: var(--quiet); max-width: 46rem }
main { display: grid; gap: 1.25rem; padding: 1.25rem max(1rem, calc(50vw - 38rem)); }
main > *, .messages > * { min-width: 0 }
aside { display: grid; gap: 1rem; align-content: start }
aside section { background: var(--sheet); border: 1px solid var(--line); border-radius: .5rem; padding: .9rem 1rem; font-size: .94rem }
aside p { color: var(--quiet) }
.line { display: flex; justify-content: space-between; align-items: baseline }
.filter { display: flex; flex-wrap: wrap; gap: .6rem; align-items: end; margin: .6rem 0 }
.filter label { display: grid; font-size: .85rem; color: var(--quiet) } .filter label:first-of-type { flex: 1 1 11rem }
input, select, button { font: inherit; color: inherit; min-height: 2.6rem; border: 1px solid #6b7787; border-radius: .35rem; background: #fff; padding: .2rem .6rem; min-width: 0 }
button { background: var(--accent); border-color: var(--accent); color: #fff; cursor: pointer; padding: .2rem 1rem }
.steps { display: grid; grid-template-columns: 1fr 1fr; gap: .5rem; margin-top: .6rem } .steps button { padding: .3rem .4rem; background: #fff; color: var(--accent) }
.faults { display: grid; gap: .5rem; margin-top: .6rem } .faults label { display: grid; grid-template-columns: 1fr 8.2rem; gap: .6rem; align-items: center; line-height: 1.4 }
.faults .slow, .faults .down { color: var(--warn); font-weight: 700 }
.now { font-size: 1.05rem; font-weight: 700; color: var(--ink) !important; font-variant-numeric: tabular-nums }
.secret { display: block; background: var(--paper); padding: .5rem .6rem; border-radius: .35rem; font-size: .85rem; user-select: all }
.count, #arrived { color: var(--quiet); font-size: .88rem } #arrived { color: var(--accent); font-weight: 700 } #arrived:empty { display: none }
ol { list-style: none; margin: 0; padding: 0; display: grid; gap: .5rem }
.message { background: var(--sheet); border: 1px solid var(--line); border-radius: .5rem } .message[open] { border-color: var(--accent) }
.message > summary { display: grid; grid-template-columns: auto 1fr; gap: 0 .7rem; align-items: baseline; padding: .7rem 1rem; cursor: pointer; list-style: none }
.message > summary::-webkit-details-marker { display: none }
.subject { font-weight: 700; line-height: 1.5 } .meta { grid-column: 1 / -1; display: flex; flex-wrap: wrap; justify-content: space-between; gap: 0 1rem; font-size: .86rem; color: var(--quiet) }
.channel { font-size: .78rem; border: 1px solid currentColor; border-radius: .25rem; padding: 0 .4rem; color: var(--accent); line-height: 1.6; white-space: nowrap }
.channel.sms { color: #5c3d8f } .channel.push { color: var(--warn) }
dl { display: grid; grid-template-columns: auto 1fr; gap: 0 .8rem; margin: 0; padding: .5rem 1rem; border-top: 1px solid var(--line); font-size: .88rem } dt { color: var(--quiet) } dd { margin: 0 }
pre { font: inherit; white-space: pre-wrap; margin: 0; padding: .3rem 1rem 1rem; max-width: 46rem }
.html { padding: 0 1rem 1rem } .html summary { cursor: pointer; color: var(--accent); font-size: .9rem } iframe { width: 100%; height: 24rem; border: 1px solid var(--line); margin-top: .5rem; background: #fff; resize: vertical }
.empty { background: var(--sheet); border: 1px dashed var(--line); border-radius: .5rem; padding: 2.5rem 1rem; text-align: center; color: var(--quiet) }
footer .links { display: flex; flex-wrap: wrap; gap: .3rem 1.2rem } footer { padding: .5rem max(1rem, calc(50vw - 38rem)) 2rem; color: var(--quiet); font-size: .88rem }
@media (min-width: 60rem) { main { grid-template-columns: 1fr 21rem } }
`
