// Runs before the first paint, so that no page flashes in the wrong theme.
(() => {
  let theme = 'system';
  try {
    theme = localStorage.getItem('fluxcore.theme') || 'system';
  } catch {
    // A browser that keeps nothing gets the system's theme.
  }
  document.documentElement.dataset.theme = theme;
})();
