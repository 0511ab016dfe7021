export { type ReportOptions, type ReportSection, type ReportTable, renderReport } from "./render-report.ts";
