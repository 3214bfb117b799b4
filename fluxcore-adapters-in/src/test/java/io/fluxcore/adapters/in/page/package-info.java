/** The files of the page. */
package io.fluxcore.adapters.in.page;
