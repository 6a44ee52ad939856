// Leads back to the shop at once. Without script the button does.
document.getElementById('return')?.submit()
