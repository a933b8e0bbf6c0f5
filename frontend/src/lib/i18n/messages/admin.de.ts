import type en from './admin.en';
import ai from './admin/ai.de';
import audit from './admin/audit.de';
import bank from './admin/bank.de';
import editor from './admin/editor.de';
import essays from './admin/essays.de';
import health from './admin/health.de';
import imports from './admin/imports.de';
import jobs from './admin/jobs.de';
import overview from './admin/overview.de';
import pairs from './admin/pairs.de';
import proposals from './admin/proposals.de';
import reports from './admin/reports.de';
import review from './admin/review.de';
import shared from './admin/shared.de';
import subjects from './admin/subjects.de';
import users from './admin/users.de';

const de: typeof en = { ai, audit, bank, editor, essays, health, imports, jobs, overview, pairs, proposals, reports, review, shared, subjects, users };

export default de;
