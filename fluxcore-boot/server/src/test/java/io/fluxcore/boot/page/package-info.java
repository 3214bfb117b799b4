/** The page and the demo in a real browser, against the server as users start it. */
package io.fluxcore.boot.page;
