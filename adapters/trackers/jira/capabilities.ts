// What a tracker of Jira can do beyond the seven methods.
import type {
  AssignCapability,
  CandidateStreamCapability,
  CandidateTestCapability,
  CommentCapability,
  CommentEditCapability,
  CountCapability,
  CreateIssueCapability,
  DoctorCapability,
  FindIssueCapability,
  LabelCapability,
  SchemaCapability,
  SearchCapability,
  ThrottleCapability,
  UpdateIssueCapability,
  WebhookCapability,
} from '../../../src/contract/tracker-capabilities.ts';

/** Everything that a tracker of ours can do. */
export interface JiraCapabilities
  extends
    AssignCapability,
    CandidateStreamCapability,
    CandidateTestCapability,
    CommentCapability,
    CommentEditCapability,
    CountCapability,
    CreateIssueCapability,
    DoctorCapability,
    FindIssueCapability,
    LabelCapability,
    SchemaCapability,
    SearchCapability,
    ThrottleCapability,
    UpdateIssueCapability,
    WebhookCapability {}
