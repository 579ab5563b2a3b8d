/** The sources of a project, as cards that change by themselves. */
import { Component } from '@angular/core';

@Component({ template: '<div class="fr-page"><h1>Sources</h1></div>' })
export class SourcesPage {}
