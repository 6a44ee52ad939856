export const style = `
:root { color-scheme: light; --ink: #1c2430; --quiet: #4a5565; --paper: #f4f6f8; --sheet: #fff; --line: #c9d1da; --accent: #0b5a6f }
* { box-sizing: border-box }
body { margin: 0; background: var(--paper); color: var(--ink); font: 16px/1.7 "Hiragino Sans", "Noto Sans JP", "Noto Sans CJK JP", "Yu Gothic", system-ui, sans-serif; overflow-wrap: anywhere }
h1 { font-size: 1.35rem; margin: 0; line-height: 1.4 } h2 { font-size: 1.05rem; margin: 0 } p { margin: .35rem 0; text-wrap: pretty } a { color: var(--accent) }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px }
header { display: grid; grid-template-columns: 1fr auto; gap: .1rem 1rem; align-items: baseline; padding: 1.1rem max(1rem, calc(50vw - 30rem)); background: var(--sheet); border-bottom: 3px solid var(--accent) }
header p { grid-column: 1 / -1; color: var(--quiet); max-width: 46rem }
main { display: grid; gap: 1.5rem; padding: 1.5rem max(1rem, calc(50vw - 30rem)) } main > * { min-width: 0 }
@media (min-width: 56rem) { main { grid-template-columns: 24rem 1fr } }
.phone { background: linear-gradient(#23455c, #0f2230); color: #fff; border: .6rem solid #111820; border-radius: 2.2rem; padding: 1.4rem 1.1rem 1.6rem; min-height: 34rem; display: flex; flex-direction: column; gap: 1rem; width: 100%; max-width: 24rem; margin: 0 auto }
.phone :focus-visible { outline-color: #fff } .phone h2 { font-size: .9rem; font-weight: 400 } .phone a { color: #fff }
.clock { margin: 0; text-align: center; font-size: 3rem; line-height: 1.2; font-variant-numeric: tabular-nums } .day { margin: 0; text-align: center }
ol, ul { margin: 0; padding: 0 } .phone ol { list-style: none; display: grid; gap: .6rem }
.notification { background: rgb(255 255 255 / .94); color: var(--ink); border-radius: 1rem; padding: .7rem .9rem; line-height: 1.55 } .notification b { display: block } .from { display: flex; justify-content: space-between; gap: 1rem; font-size: .8rem; color: var(--quiet) }
.notification button { display: block; width: 100%; margin-top: .5rem }
.none { text-align: center }
.line { display: flex; justify-content: space-between; gap: 1rem; align-items: baseline }
.apps { margin-top: auto } .apps ul { list-style: none; display: grid; grid-template-columns: repeat(auto-fit, minmax(8rem, 1fr)); gap: .6rem; margin-top: .4rem } .apps a { display: block; text-align: center; background: rgb(255 255 255 / .16); border: 1px solid rgb(255 255 255 / .5); border-radius: .9rem; padding: .6rem .5rem; line-height: 1.4; text-decoration: none; text-wrap: balance; word-break: auto-phrase }
button { font: inherit; min-height: 2.75rem; border: 1px solid var(--accent); border-radius: .5rem; background: var(--accent); color: #fff; cursor: pointer; padding: .2rem 1rem } button.quiet { background: #fff; color: var(--accent) }
.notes { display: grid; gap: 1rem; align-content: start } .notes section { background: var(--sheet); border: 1px solid var(--line); border-radius: .5rem; padding: .9rem 1.1rem } .notes ol { padding-left: 1.4rem; display: grid; gap: .3rem; margin-top: .4rem } .notes p { color: var(--quiet) }
.screen { background: var(--sheet); color: var(--ink); border-radius: 1rem; padding: 1rem 1.1rem; display: grid; gap: .8rem; align-content: start; flex: 1 } .screen h2 { font-size: 1.05rem; font-weight: 700 } .screen :focus-visible { outline-color: var(--accent) }
.screen dl { display: grid; grid-template-columns: auto 1fr; gap: .2rem 1rem; margin: 0 } .screen dt { color: var(--quiet) } .screen dd { margin: 0; font-weight: 700 }
.screen form { display: grid; gap: .4rem } .screen label { display: grid; gap: .2rem; font-weight: 700 } .screen input:not([type=hidden]) { font: inherit; min-height: 2.75rem; border: 1px solid var(--quiet); border-radius: .5rem; padding: .2rem .7rem; width: 100% } .hint { color: var(--quiet); font-size: .9rem; margin: 0 }
.outcome, .problem { border-left: .3rem solid var(--accent); padding: .3rem .7rem; background: #eef4f6 } .notes .problem { color: var(--ink) } .notes form { margin: .4rem 0 } summary { cursor: pointer; color: var(--accent) }
footer { display: flex; flex-wrap: wrap; gap: .3rem 1.5rem; padding: 0 max(1rem, calc(50vw - 30rem)) 2rem }
`
