// Progressive: everything reads without this file.
// A page that nobody rebuilt still tells the truth: what the device's date has passed is marked.
// A site that fixes its own date (a demonstration) is read at that date.
const mots = document.body.dataset;
const aujourdhui = mots.jour ?? new Date().toLocaleDateString('sv');

for (const t of document.querySelectorAll('time[data-fin]')) {
  if (t.dataset.fin.slice(0, 10) >= aujourdhui) continue;
  const marque = document.createElement('strong');
  marque.className = 'fini';
  marque.textContent = mots.terminee;
  t.after(' ', marque);
  t.closest('.rdv, .carte, .sessions > li')?.classList.add('terminee');
}

for (const b of document.querySelectorAll('button[data-copier]')) {
  const source = document.getElementById(b.dataset.copier);
  if (!source || !navigator.clipboard) continue;
  b.hidden = false;
  b.addEventListener('click', async () => {
    await navigator.clipboard.writeText(source.textContent.trim());
    const dit = document.createElement('span');
    dit.setAttribute('role', 'status');
    b.after(dit);
    dit.textContent = mots.copie;
    setTimeout(() => dit.remove(), 4000);
  });
}
