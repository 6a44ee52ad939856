export const style = `
:root { color-scheme: light; --ink: #22302a; --quiet: #52605a; --paper: #fbf8f1; --sheet: #fff; --line: #d9d2c3; --leaf: #24513f; --sun: #f4c05a; --bad: #8c2f1b }
* { box-sizing: border-box }
body { margin: 0; background: var(--paper); color: var(--ink); font: 16px/1.75 "Hiragino Sans", "Noto Sans JP", "Noto Sans CJK JP", "Yu Gothic", system-ui, sans-serif; overflow-wrap: anywhere }
h1 { font-size: 1.5rem; line-height: 1.4; margin: 0 0 .4rem; } form > h1 { margin-bottom: 1.4rem } h1 { text-wrap: balance } h2, legend { font-size: 1.1rem; font-weight: 700; line-height: 1.5; margin: 0 } p { margin: .4rem 0; text-wrap: pretty }
a { color: var(--leaf) } :focus-visible { outline: 3px solid var(--leaf); outline-offset: 2px }
.demo { margin: 0; padding: .35rem 1rem; background: var(--sun); text-align: center; font-size: .86rem; line-height: 1.5 }
header, main, footer { max-width: 66rem; margin: 0 auto; padding: 1rem }
header { display: flex; justify-content: space-between; align-items: center; gap: 1rem } header > [hreflang] { white-space: nowrap }
.shop { display: flex; gap: .7rem; align-items: center; text-decoration: none; font-weight: 700; font-size: 1.3rem; line-height: 1.3 } .shop small { display: block; font-weight: 400; font-size: .82rem; color: var(--quiet) } svg { flex: none; display: block }
fieldset { border: 0; margin: 0 0 1.8rem; padding: 0; min-width: 0 } legend { padding: 0; margin-bottom: .5rem } legend + .hint { margin-top: -.4rem }
.products { display: grid; gap: .8rem; grid-template-columns: repeat(auto-fill, minmax(min(100%, 9.5rem), 1fr)) } @media (min-width: 50rem) { .products { grid-template-columns: repeat(4, 1fr) } }
.product, .card { position: relative; background: var(--sheet); border: 2px solid var(--line); border-radius: .6rem; cursor: pointer; display: block }
.product:has(:checked), .card:has(:checked) { border-color: var(--leaf); box-shadow: inset 0 0 0 1px var(--leaf) } .product:focus-within, .card:focus-within { outline: 3px solid var(--leaf); outline-offset: 2px }
.product { overflow: hidden; line-height: 1.5 } .product svg { width: 100%; height: auto } .product .about { display: block; padding: .6rem .8rem .8rem } .product b { display: block } .product small { color: var(--quiet); display: block; font-size: .84rem } .product .expect { color: var(--leaf); margin-top: .3rem } .price { font-weight: 700; font-variant-numeric: tabular-nums }
.product input { position: absolute; top: .6rem; left: .6rem } input[type=radio] { width: 1.2rem; height: 1.2rem; margin: 0; accent-color: var(--leaf); flex: none }
.cards { display: grid; gap: .5rem; grid-template-columns: repeat(auto-fill, minmax(min(100%, 19rem), 1fr)) }
.card { display: flex; gap: .8rem; padding: .6rem .8rem; align-items: center; line-height: 1.5 } .card small { display: block; color: var(--quiet); font-size: .84rem } .number { display: block; font-variant-numeric: tabular-nums; letter-spacing: .02em; font-size: .9rem }
.settings { display: grid; gap: .9rem; grid-template-columns: repeat(auto-fill, minmax(min(100%, 15rem), 1fr)); margin-top: .6rem } .settings label { font-size: .9rem; color: var(--quiet) }
select { display: block; width: 100%; font: inherit; color: var(--ink); min-height: 2.9rem; padding: .2rem .6rem; border: 1px solid #78857f; border-radius: .4rem; background: var(--sheet) }
.button { display: inline-block; font: inherit; font-weight: 700; border: 2px solid var(--leaf); border-radius: .5rem; background: var(--leaf); color: #fff; padding: .55rem 2rem; min-height: 3rem; cursor: pointer; text-decoration: none } .button.quiet { background: none; color: var(--leaf); font-weight: 400; font-size: .9rem; padding: .3rem 1rem }
.pay { width: min(100%, 22rem) } .hint { color: var(--quiet); font-size: .9rem }
.result { background: var(--sheet); border: 1px solid var(--line); border-left: .5rem solid var(--sun); border-radius: .5rem; padding: 1.2rem 1.3rem } .result.good { border-left-color: var(--leaf) } .result.bad { border-left-color: var(--bad) } .result.bad h1 { color: var(--bad) }
.issuer { border-top: 1px solid var(--line); margin-top: .8rem; padding-top: .6rem } .issuer b { display: block; font-size: .9rem } .actions { display: flex; flex-wrap: wrap; gap: .6rem 1.2rem; align-items: center; margin-top: .9rem }
.facts { display: grid; grid-template-columns: auto 1fr; gap: .1rem 1.2rem; margin: 1.3rem 0 1.8rem } .facts dt { color: var(--quiet) } .facts dd { margin: 0; font-variant-numeric: tabular-nums }
.messages { list-style: none; margin: .6rem 0 0; padding: 0; display: grid; gap: .4rem } .messages details { background: var(--sheet); border: 1px solid var(--line); border-radius: .4rem } .messages summary { padding: .5rem .9rem; cursor: pointer } .messages summary b { display: inline-block; min-width: 3.4rem } .messages summary span { color: var(--quiet); font-size: .9rem }
pre { margin: 0; padding: .8rem .9rem; border-top: 1px solid var(--line); font: .82rem/1.6 ui-monospace, "Noto Sans Mono CJK JP", monospace; white-space: pre-wrap; overflow-wrap: anywhere }
.tools { margin: 0; padding: .5rem .9rem } .messages .curl { border-width: 1px 0 0; border-radius: 0 } .unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap }
.beside { display: flex; flex-wrap: wrap; gap: 1.2rem 2rem; align-items: flex-start; margin: .8rem 0 } .window { max-width: 100%; outline: 1px solid #78857f } .window iframe { display: block; border: 0; background: #fff; width: 100% }
.size-01 { width: 250px } .size-02 { width: 390px } .size-03 { width: 500px } .size-04 { width: 600px } .size-05 { width: 100% } @media (max-width: 40rem) { .window { margin-inline: -1rem; max-width: calc(100% + 2rem) } }
.arrivals { flex: 0 1 22rem; min-width: min(100%, 17rem); border: .5rem solid #2b3330; border-radius: 1.6rem; overflow: hidden } .arrivals iframe { display: block; width: 100%; height: 26rem; border: 0 }
.opened .window.size-05 { position: fixed; inset: 0; margin: 0; max-width: none; z-index: 1; outline: 0; background: var(--paper) } .window.size-05 iframe { height: 80vh } .opened .window.size-05 iframe { height: 100% }
.bare main { padding: 1rem } .bare h1 { font-size: 1.15rem }
footer { display: flex; flex-wrap: wrap; gap: .3rem 1.2rem; padding-bottom: 2.5rem } .summary { display: flex; flex-wrap: wrap; gap: 0 1.5rem }
`
