// The button of the interactive map: until it is pressed nothing of the map is loaded.
const b = document.getElementById('ouvrir-atlas');
let travaille;
b.hidden = false;
b.addEventListener('click', async () => {
  if (travaille) return;
  travaille = true;
  try {
    await (await import(b.dataset.module)).ouvrir(b);
    b.nextElementSibling.textContent = '';
  } catch {
    b.nextElementSibling.textContent = b.dataset.echec;
  }
  travaille = false;
});
