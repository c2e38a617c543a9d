import type { Language } from '../../contract/overlay.ts'

/** What the docs page says besides the texts of the contract, in Markdown. */
export interface PageTexts {
  /** The name of the group that has the first operations. */
  readonly start: string
  readonly startDescription: string
  readonly commonHeaders: string
  readonly more: string
  readonly example: string
  readonly authorize: string
}

export const pageTexts: Readonly<Record<Language, PageTexts>> = {
  en: {
    start: 'start here',
    startDescription: 'Create an account, log in, call a protected operation.',
    commonHeaders:
      'Every response also has `X-Request-Id`, the id of the request in the log, and headers for caching, CORS and security. The rows below leave these headers out.',
    more: 'More',
    example: 'Example',
    authorize:
      'Enter the username and the password of an account. `POST /signup` creates one. A **scope** is a permission of the token. Leave all scopes unticked to get all of them.',
  },
  ko: {
    start: '시작하기',
    startDescription: '계정을 만들고, 로그인하고, 보호된 API를 호출합니다.',
    commonHeaders:
      '모든 응답에는 로그에서 요청을 찾을 수 있는 ID인 `X-Request-Id`와 캐시, CORS, 보안 관련 헤더가 함께 옵니다. 아래 표에서는 이 헤더들을 생략합니다.',
    more: '자세히',
    example: '예시',
    authorize:
      '계정의 사용자 이름과 비밀번호를 입력하세요. 계정은 `POST /signup`으로 만듭니다. **scope**는 토큰이 갖는 권한입니다. 아무것도 선택하지 않으면 모든 권한을 받습니다.',
  },
}
