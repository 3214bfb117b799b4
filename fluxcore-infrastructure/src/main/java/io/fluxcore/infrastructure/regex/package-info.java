/**
 * Regular expressions that users supply, matched by RE2/J in time linear in the input. Imports the
 * domain's port and RE2/J.
 */
@NullMarked
package io.fluxcore.infrastructure.regex;

import org.jspecify.annotations.NullMarked;
