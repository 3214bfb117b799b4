/**
 * Dead letters in a file, a line of JSON each. No connector: it stands behind the application's
 * port for dead letters. Imports the application, the domain and Jackson.
 */
@NullMarked
package io.fluxcore.adapters.out.deadletter;

import org.jspecify.annotations.NullMarked;
