// Leads back to the shop when there was time to read how it ended. Without script the button does.
const form = document.getElementById('return')
if (form) setTimeout(() => form.submit(), Number(form.dataset.wait))
