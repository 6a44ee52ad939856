// The header's menu works without this file, which closes it: at Escape, and when anything outside it is pressed.

const openMenu = () => document.querySelector('.folded-menu[open]')

document.addEventListener('keydown', event => {
  const menu = event.key === 'Escape' ? openMenu() : null
  if (!menu) return
  menu.open = false
  menu.querySelector('summary').focus()
})

document.addEventListener('click', event => {
  const menu = openMenu()
  if (menu && !menu.contains(event.target)) menu.open = false
})
