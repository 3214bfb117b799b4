/**
 * The code of the job that is disturbed, as a user writes it: beans, which the server finds on its
 * class path. May import the domain and Spring, and nothing else of this module.
 */
@NullMarked
package io.fluxcore.chaos.code;

import org.jspecify.annotations.NullMarked;
