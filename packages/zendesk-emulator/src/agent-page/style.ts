/** Styles of the agent page; served as a file, so the page needs no inline style. */
export const css = `
:root{--ink:#17242b;--muted:#5b6b73;--line:#dde3e6;--bg:#f5f7f8;--card:#fff;--accent:#1f5f6b;--note:#fff5d6}
@media (prefers-color-scheme:dark){:root{--ink:#e8eef0;--muted:#9fb0b8;--line:#31414a;--bg:#131b20;--card:#1c272d;--accent:#6fc3d1;--note:#3b3417}}
*{box-sizing:border-box}
body{margin:0;font:15px/1.5 system-ui,sans-serif;color:var(--ink);background:var(--bg)}
body>header{display:flex;justify-content:space-between;align-items:center;padding:.8rem 1.5rem;background:var(--card);border-bottom:1px solid var(--line)}
.brand{font-weight:600;color:inherit;text-decoration:none}
.hint,small,time{color:var(--muted);font-size:.85rem}
main{max-width:70rem;margin:0 auto;padding:1rem 1.5rem 4rem}
h1{font-size:1.3rem;overflow-wrap:anywhere}
a{color:var(--accent)}
table{width:100%;border-collapse:collapse;background:var(--card);border:1px solid var(--line);border-radius:.5rem;overflow:hidden}
th,td{text-align:start;padding:.55rem .8rem;border-bottom:1px solid var(--line);overflow-wrap:anywhere}
th{font-size:.8rem;color:var(--muted);font-weight:600}
.num,.mono{font-family:ui-monospace,monospace;font-size:.85rem}
.badge{display:inline-block;padding:.1rem .5rem;border-radius:1rem;font-size:.75rem;font-weight:600;background:var(--line)}
.badge.new{background:#f2c14e;color:#3a2c00}.badge.open{background:#d64545;color:#fff}.badge.pending{background:#3d7dd8;color:#fff}
.badge.hold{background:#444;color:#fff}.badge.solved{background:#2f8f5b;color:#fff}.badge.closed{background:#8a949a;color:#fff}
.columns{display:grid;grid-template-columns:minmax(0,1fr) 17rem;gap:1.5rem}
@media (max-width:50rem){.columns{grid-template-columns:1fr}}
.comment{background:var(--card);border:1px solid var(--line);border-inline-start:4px solid var(--line);border-radius:.5rem;padding:.7rem 1rem;margin-bottom:.8rem}
.comment.agent{border-inline-start-color:var(--accent)}.comment.note{background:var(--note);border-inline-start-color:#e0b43c}
.comment.system{border-style:dashed;color:var(--muted)}nav{display:flex;gap:1rem;flex:1;margin-inline-start:1.5rem}
.comment header{display:flex;gap:.8rem;flex-wrap:wrap;align-items:baseline}
.comment header span{color:var(--muted);font-size:.8rem}
.comment p{white-space:pre-wrap;overflow-wrap:anywhere;margin:.4rem 0 0}
.files{margin:.5rem 0 0;padding-inline-start:1.2rem}
aside{background:var(--card);border:1px solid var(--line);border-radius:.5rem;padding:.5rem 1rem;align-self:start}
dt{font-size:.8rem;color:var(--muted);margin-top:.5rem}dd{margin:0;overflow-wrap:anywhere}
.tag{display:inline-block;background:var(--line);border-radius:.3rem;padding:0 .4rem;font-size:.8rem}
.composer{background:var(--card);border:1px solid var(--line);border-radius:.5rem;padding:1rem;display:grid;gap:.8rem}
.composer textarea,.composer select{display:block;width:100%;font:inherit;color:inherit;background:var(--bg);border:1px solid var(--line);border-radius:.4rem;padding:.5rem}
.buttons{display:flex;flex-wrap:wrap;gap:.5rem}
button{font:inherit;padding:.4rem .9rem;border:1px solid var(--line);border-radius:.4rem;background:var(--bg);color:inherit;cursor:pointer}
button.primary{background:var(--accent);border-color:var(--accent);color:var(--card)}
button:focus-visible,a:focus-visible,textarea:focus-visible{outline:2px solid var(--accent);outline-offset:2px}
.empty{color:var(--muted)}.problem{background:#fbe3e3;color:#7a1212;border-radius:.4rem;padding:.6rem .9rem}
`
