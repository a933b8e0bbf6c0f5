import ai from './admin/ai.en';
import audit from './admin/audit.en';
import bank from './admin/bank.en';
import editor from './admin/editor.en';
import essays from './admin/essays.en';
import health from './admin/health.en';
import imports from './admin/imports.en';
import jobs from './admin/jobs.en';
import overview from './admin/overview.en';
import pairs from './admin/pairs.en';
import proposals from './admin/proposals.en';
import reports from './admin/reports.en';
import review from './admin/review.en';
import shared from './admin/shared.en';
import subjects from './admin/subjects.en';
import users from './admin/users.en';

export default { ai, audit, bank, editor, essays, health, imports, jobs, overview, pairs, proposals, reports, review, shared, subjects, users };
