/** The quick start of the README as a program of its own, written as a user would write it. */
@NullMarked
package io.fluxcore.examples.quickstart;

import org.jspecify.annotations.NullMarked;
